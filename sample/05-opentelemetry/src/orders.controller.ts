import { Controller, Get, Param, Post } from '@nestjs/common';
import { OrdersService } from './orders.service.js';

@Controller('orders')
export class OrdersController {
  constructor(private readonly orders: OrdersService) {}

  @Get('pieces')
  pieces(): Promise<Record<string, number>> {
    return this.orders.pieces();
  }

  @Get('invoices')
  invoices(): Promise<string> {
    return this.orders.invoices();
  }

  @Post(':customer/:product')
  order(@Param('customer') customer: string, @Param('product') product: string): Promise<{ id: number }> {
    return this.orders.order(customer, product);
  }
}
