import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Airport } from '../airports/airport.entity.js';
import { Flight } from './flight.entity.js';
import { FlightsController } from './flights.controller.js';
import { FlightsService } from './flights.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([Flight, Airport])],
  controllers: [FlightsController],
  providers: [FlightsService],
})
export class FlightsModule {}
